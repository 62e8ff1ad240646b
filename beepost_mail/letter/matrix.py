"""PDF matrices as tuples (a, b, c, d, e, f): x' = a·x + c·y + e, y' = b·x + d·y + f."""

from __future__ import annotations

MM_PER_PT = 25.4 / 72

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]  # left, bottom, right, top in PDF units


def product(*steps: Matrix) -> Matrix:
    """The matrix that does ``steps`` one after the other."""
    a, b, c, d, e, f = 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    for g, h, i, j, k, m in steps:
        a, b, c, d, e, f = (
            a * g + b * i,
            a * h + b * j,
            c * g + d * i,
            c * h + d * j,
            e * g + f * i + k,
            e * h + f * j + m,
        )
    return a, b, c, d, e, f


def inverse(matrix: Matrix) -> Matrix:
    a, b, c, d, e, f = matrix
    det = a * d - b * c
    return (
        d / det,
        -b / det,
        -c / det,
        a / det,
        (c * f - d * e) / det,
        (b * e - a * f) / det,
    )


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def turn(box: Box, degrees: int) -> Matrix:
    """Turns ``box`` clockwise and brings its lower left corner to the origin."""
    left, bottom, right, top = box
    return {
        0: (1.0, 0.0, 0.0, 1.0, -left, -bottom),
        90: (0.0, -1.0, 1.0, 0.0, -bottom, right),
        180: (-1.0, 0.0, 0.0, -1.0, right, top),
        270: (0.0, 1.0, -1.0, 0.0, top, -left),
    }[degrees % 360]


def flip(height: float) -> Matrix:
    """Exchanges bottom-left and top-left origins of a page of that height."""
    return 1.0, 0.0, 0.0, -1.0, 0.0, height


def zoom(factor: float) -> Matrix:
    return factor, 0.0, 0.0, factor, 0.0, 0.0
