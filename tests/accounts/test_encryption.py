"""Text that can only be read with the site's secret key."""

import pytest

from library.accounts.encryption import Unreadable, decrypt, encrypt


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
