"""How a recorded run and the reader's own look, in every view that draws both."""

# the recorded run and the reader's own: in words, whether its marks are filled, and their colour
WHO = (("recorded", False, "soft"), ("your own run", True, "web"))
