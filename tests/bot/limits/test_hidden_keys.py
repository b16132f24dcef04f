"""Ids that a shared storage sees as hashes."""

from bot.limits.hidden_keys import HiddenKeys


def test_replicas_of_every_version_find_the_same_keys() -> None:
    """Or an update would answer an event twice, and forget what somebody has used up."""
    hidden = HiddenKeys(["secret", "other"]).hide(["telegram", "7"])
    assert hidden == "8496932ad303df011c4498a48f50fe34"


def test_a_key_depends_on_all_that_it_is_made_of() -> None:
    """Another secret or id is another key."""
    keys = HiddenKeys(["secret"])
    assert len({keys.hide(["a", "b"]), keys.hide(["ab"]), keys.hide(["a"]), HiddenKeys(["b"]).hide(["a", "b"])}) == 4
