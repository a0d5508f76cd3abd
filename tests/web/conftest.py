from tests.houses import house, prepared_store, rasa, settings, site  # noqa: F401
