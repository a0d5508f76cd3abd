import jieba

from knowledge.linking.words import LONGEST_WORD, WordCutter, dictionary_words


def test_the_dictionary_holds_names_that_are_words(lexicon):
    words = dictionary_words(lexicon)
    assert "办护照" in words
    assert all(2 <= len(word) <= LONGEST_WORD for word in words)


def test_words_of_the_dictionary_stay_whole(tmp_path):
    assert ("回乡证", 2) in list(WordCutter(["回乡证"], tmp_path).cut("办理回乡证"))


def test_blanks_are_no_words(tmp_path):
    assert [word for word, _ in WordCutter([], tmp_path).cut("护照 多少钱")] == ["护照", "多少", "钱"]


def test_the_dictionary_that_other_code_uses_stays_as_it_was(tmp_path):
    list(WordCutter(["极其罕见之词"], tmp_path).cut("极其罕见之词"))
    assert "极其罕见之词" not in jieba.dt.FREQ
    assert (tmp_path / "jieba.cache").exists()
