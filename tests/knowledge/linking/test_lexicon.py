import pytest

from base.errors import BadContent
from knowledge.linking.lexicon import load_lexicon, parse_lexicon, save_lexicon

DATA = {
    "revision": "7",
    "services": [{"id": "passport-first", "name": "普通护照首次申领", "aliases": ["办护照"], "domain": "出入境"}],
    "places": [{"adcode": "320400", "name": "常州市", "names": ["常州"], "parent": "320000"}],
    "documents": [{"id": "household-booklet", "names": ["居民户口簿", "户口本"]}],
}


def test_a_lexicon_that_was_kept_is_read_back(tmp_path):
    lexicon = parse_lexicon(DATA)
    save_lexicon(tmp_path / "var" / "lexicon.json", lexicon)
    assert load_lexicon(tmp_path / "var" / "lexicon.json") == lexicon


def test_the_shipped_papers_are_in_it_by_what_people_say(lexicon):
    papers = {paper.id: paper.names for paper in lexicon.documents}
    assert papers["household-booklet"][0] == "居民户口簿"
    assert "户口本" in papers["household-booklet"]


def test_what_a_guide_says_is_in_it_without_laws_and_prices(lexicon):
    guide = {service.id: service.guide for service in lexicon.services}["archive-transfer"]
    for told in ("调档函", "转入本地", "委托书写明代办事项", "两处都开了调档函", "存档收费吗"):
        assert told in guide
    assert "人社部发" not in guide


def test_keeping_leaves_nothing_beside_the_file(tmp_path):
    save_lexicon(tmp_path / "lexicon.json", parse_lexicon(DATA))
    assert [file.name for file in tmp_path.iterdir()] == ["lexicon.json"]


def test_a_missing_file_names_the_command_that_makes_it(tmp_path):
    with pytest.raises(BadContent, match=r"\./banshi prepare"):
        load_lexicon(tmp_path / "lexicon.json")


@pytest.mark.parametrize(
    "words", ["{", "[]", '{"revision": "1"}', "null", '{"services": 1, "places": [], "revision": 1}']
)
def test_a_broken_file_names_itself(tmp_path, words):
    (tmp_path / "lexicon.json").write_text(words)
    with pytest.raises(BadContent, match=r"lexicon\.json"):
        load_lexicon(tmp_path / "lexicon.json")


def test_a_lexicon_from_before_papers_were_in_it_still_serves():
    assert parse_lexicon({key: value for key, value in DATA.items() if key != "documents"}).documents == ()


def test_a_word_in_place_of_a_list_is_refused():
    service = DATA["services"][0] | {"aliases": "办护照"}
    with pytest.raises(ValueError, match="办护照"):
        parse_lexicon(DATA | {"services": [service]})
