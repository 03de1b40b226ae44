"""The colours of the demo picture: a warm riso poster on a deep teal night."""

Colour = tuple[int, int, int]

INK: Colour = (36, 20, 43)
NIGHT: Colour = (16, 56, 66)
DUSK: Colour = (24, 76, 84)
TEAL: Colour = (31, 104, 106)
SEA: Colour = (70, 150, 138)
MINT: Colour = (176, 209, 178)
CREAM: Colour = (252, 237, 211)
SAND: Colour = (245, 207, 152)
SUN: Colour = (243, 182, 66)
AMBER: Colour = (229, 138, 47)
CORAL: Colour = (239, 124, 92)
RED: Colour = (208, 64, 59)
LIP: Colour = (172, 44, 58)
WINE: Colour = (128, 32, 60)
PLUM: Colour = (72, 28, 62)
COPPER: Colour = (186, 84, 46)
CHESTNUT: Colour = (132, 50, 46)

SKIN: Colour = (248, 200, 160)
SKIN_LIGHT: Colour = (255, 224, 190)
SKIN_SHADE: Colour = (231, 160, 116)
SKIN_DEEP: Colour = (203, 116, 82)
BLUSH: Colour = (237, 129, 101)
