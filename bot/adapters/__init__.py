"""One folder a platform: each speaks its platform's own idiom and nothing else.

base             the protocol of an adapter, and the definition of a platform
registry         a line a platform
platform_client  HTTP for the checks of platforms
downloads        photos that people send, bounded in bytes and time
discord, telegram, web
"""
