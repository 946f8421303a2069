"""Where the site can't listen, one sentence names the variable to change."""

import pytest

from library.server.web_server import PortTaken, reserve


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1", "a..b", "2001:db8::1"])
def test_a_host_that_is_no_address_of_this_machine(host: str) -> None:
    with pytest.raises(PortTaken) as caught:
        reserve(host, 8000)

    assert str(caught.value) == (
        f"HOST is “{host}”, but this machine has no such address. Choose another, as in HOST=127.0.0.1 make run."
    )
