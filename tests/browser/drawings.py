"""Characters as a person would draw them, in the pad's units: 280 × 280, y downward."""

import math

Point = tuple[float, float]
Drawing = list[list[Point]]


def arc(centre: Point, radii: Point, start: float, end: float, num_points: int = 14) -> list[Point]:
    """Part of an ellipse; angles in degrees, 0 to the right, 90 downward."""
    angles = [math.radians(start + (end - start) * i / num_points) for i in range(num_points + 1)]
    return [(centre[0] + radii[0] * math.cos(a), centre[1] + radii[1] * math.sin(a)) for a in angles]


ZERO: Drawing = [arc((140, 140), (58, 85), -90, 275, 20)]
THREE: Drawing = [arc((130, 92), (50, 42), -150, 90) + arc((130, 182), (58, 48), -90, 150)]
FOUR: Drawing = [[(128, 50), (72, 158), (206, 158)], [(172, 88), (168, 236)]]
SEVEN: Drawing = [[(68, 58), (140, 56), (206, 56), (176, 120), (150, 176), (134, 230)]]
CAPITAL_A: Drawing = [
    [(140, 50), (106, 140), (72, 232)],
    [(140, 50), (176, 140), (210, 232)],
    [(94, 168), (188, 168)],
]
CAPITAL_K: Drawing = [[(88, 48), (88, 140), (88, 232)], [(196, 50), (92, 146)], [(96, 140), (204, 232)]]
DOT: Drawing = [[(140, 140)]]
DASH: Drawing = [[(60, 140), (140, 140), (220, 140)]]
