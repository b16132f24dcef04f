"""The generation service: requests in, pictures of handwritten digits out.

No network, no chat words, no settings library and no torch: an adapter asks, `DigitService` draws.
"""
