"""Images to files, and the one folder that imports Pillow.

styles       the colours of a picture
rendering    ink, enlarged for a chat window
encoding     PNG, JPEG, GIF and ZIP
pen          the width and the slant of a hand, and marks drawn with it
typesetting  digits and marks to lines of writing
photo        a photo's file to grey levels, checked before it is decoded
inking       ink told from uneven light, texture and ruled lines
runs         connected components of a mask
scanning     a photo to images of its digits, made as MNIST's were
"""
