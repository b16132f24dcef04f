"""The one way from a request to a reply, which every adapter uses.

pipeline   limits, drawing, the reply; and errors to replies
reply      the value that adapters translate into their platform's idiom
photos     room for photos that are loaded and read
handwriting  a photo that was read, in words
offered    pictures to choose from, drawn once
errors     what cannot be answered
sentences  a sentence for every error
urls       URLs of pictures and of the page
"""
