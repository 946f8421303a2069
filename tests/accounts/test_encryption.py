"""Text that can only be read, and hashes that can only be made, with the site's secret key."""

import pytest

from library.accounts.encryption import Unreadable, decrypt, encrypt, keyed_hash


def test_what_was_encrypted_is_read_again_and_looks_different_each_time() -> None:
    assert decrypt(encrypt("JBSWY3DP é")) == "JBSWY3DP é"
    assert encrypt("JBSWY3DP") != encrypt("JBSWY3DP")
    assert "JBSWY3DP" not in encrypt("JBSWY3DP")


def test_another_secret_key_reads_nothing(settings) -> None:
    encrypted = encrypt("JBSWY3DP")
    settings.SECRET_KEY = "another one"
    with pytest.raises(Unreadable):
        decrypt(encrypted)


@pytest.mark.parametrize("text", ["", "JBSWY3DP", "gAAAAA", "é"])
def test_text_in_the_clear_is_not_taken_for_encrypted(text: str) -> None:
    with pytest.raises(Unreadable):
        decrypt(text)


def test_a_keyed_hash_is_of_its_text_its_purpose_and_the_secret_key(settings) -> None:
    sleep = keyed_hash("a purpose", "sleep")
    assert sleep == keyed_hash("a purpose", "sleep")
    assert len(sleep) == 64

    others = {keyed_hash("a purpose", "stress"), keyed_hash("another purpose", "sleep")}
    settings.SECRET_KEY = "another one"
    assert len({sleep, *others, keyed_hash("a purpose", "sleep")}) == 4


def test_what_is_no_text_that_can_be_written_has_a_hash_too() -> None:
    assert keyed_hash("a purpose", "\ud800")
