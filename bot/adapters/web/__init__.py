"""The bot's own web page, and HTTP for programs: aiohttp on loopback.

app        the routes, health, and the headers of every response
page       the page itself, with a preview for shared links
chat       a line to a bubble of the page
pictures   URLs of pictures, for embedding
responses  replies to HTTP, shared by chat and pictures
metrics    the metrics endpoint
client_ip  the IP address of a request, through proxies
errors     JSON for every error
"""
