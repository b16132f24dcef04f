"""Addresses under which this machine reaches a server of its own that listens on all of them."""

LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  asked, not listened on
