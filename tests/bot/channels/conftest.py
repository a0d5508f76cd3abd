from tests.houses import house, prepared_store, rasa, settings  # noqa: F401
