"""The bot's own web page, and HTTP for programs: aiohttp on loopback.

app        the routes, and the headers of every response
page       the page itself, with a preview for shared links
wording    the words of the page
site       listening, with limits for connections
connections  time and room that a client has on one
static     style, scripts and icons of the page
manifest   the web app manifest
caching    how long a response may be kept, and by what tag it is known
chat       a line to a bubble of the page
hand       a photo to the digits in it, and their hand
pictures   URLs of pictures, for embedding
responses  an exchange for a web request
health     health, readiness, and the list of models
metrics    the metrics endpoint
client_ip  the IP address of a request, through proxies
language   the language of a request
errors     JSON for every error
"""
