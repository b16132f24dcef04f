"""Rate limits for a person, a chat and an address; claims on events: what replicas share.

policy         the limits, and the errors of requests beyond them
storage        hits in memory, or in a storage that replicas share
claims         claims on events and locks, in memory or in a storage that replicas share
hidden_keys    ids as a shared storage sees them
redis_storage  hits in Redis, and the connections to it
redis_claims   claims in Redis
"""
