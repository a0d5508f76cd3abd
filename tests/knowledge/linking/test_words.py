from knowledge.linking.words import LONGEST_WORD, WordCutter, dictionary_words


def test_the_dictionary_holds_names_that_are_words(lexicon):
    words = dictionary_words(lexicon)
    assert "办护照" in words
    assert all(2 <= len(word) <= LONGEST_WORD for word in words)


def test_words_of_the_dictionary_stay_whole():
    assert ("回乡证", 2) in list(WordCutter(["回乡证"]).cut("办理回乡证"))


def test_blanks_are_no_words():
    assert [word for word, _ in WordCutter([]).cut("护照 多少钱")] == ["护照", "多少", "钱"]


def test_a_dictionary_is_nobody_elses():
    assert [word for word, _ in WordCutter(["极其罕见之词"]).cut("极其罕见之词")] == ["极其罕见之词"]
    assert [word for word, _ in WordCutter([]).cut("极其罕见之词")] != ["极其罕见之词"]
