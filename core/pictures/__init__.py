"""One file a kind of picture: its request, frozen and checked, and how it is drawn.

base        what all requests share, and the finished picture
strip       images of one digit, side by side
number      a number in one hand
morph       an animation from digit to digit
comparison  one digit by several models
"""
