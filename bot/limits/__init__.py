"""Rate limits: for a person, a chat and an address.

policy         the limits, and the errors of requests beyond them
storage        hits in memory, or in a storage that replicas share
redis_storage  hits in Redis
"""
