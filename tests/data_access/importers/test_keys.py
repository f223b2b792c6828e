"""Import keys: a hash whose words come one by one is that of the whole text."""

import pytest

from data_access.importers.keys import LongHash, content_hash


@pytest.mark.parametrize("words", [[], ["ab"], ["ab", "row:ab#2", "cd"]])
@pytest.mark.parametrize("reference", ["", "7", '"lines":"-', 'a "lines":"" b', "--"])
def test_words_that_come_one_by_one_hash_as_the_text_that_they_make(words, reference):
    stated = {"closing": 5, "reference": reference, "currency": "USD", "opening": None}
    hashed = LongHash(stated, "lines")
    for word in words:
        hashed.add(word)
    assert hashed.hexdigest() == content_hash(stated | {"lines": " ".join(words)})
    hashed.add("more")  # what was told so far does not end it
    assert hashed.hexdigest() == content_hash(stated | {"lines": " ".join([*words, "more"])})
