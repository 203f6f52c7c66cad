"""Where an object drawn with several points is: one point for the whole of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

Point = tuple[float, float]
"""Latitude and longitude, WGS 84 degrees."""


def middle(lines: Iterable[list[Point]]) -> Point | None:
    """The centroid of closed rings, weighted by area; the mean of the points when there is no area."""
    kept = [line for line in lines if line]
    centroids = [_ring_centroid(ring) for ring in kept if len(ring) > 3 and ring[0] == ring[-1]]
    area = sum(weight for weight, _, _ in centroids)
    if centroids and area:
        return (
            sum(weight * lat for weight, lat, _ in centroids) / area,
            sum(weight * lon for weight, _, lon in centroids) / area,
        )
    points = [point for line in kept for point in line]
    if not points:
        return None
    return sum(lat for lat, _ in points) / len(points), sum(lon for _, lon in points) / len(points)


def _ring_centroid(ring: list[Point]) -> tuple[float, float, float]:
    """Area (in square degrees, unsigned) and centroid by the shoelace formula, from the first point on."""
    lat_0, lon_0 = ring[0]
    shifted = [(lat - lat_0, lon - lon_0) for lat, lon in ring]
    area = lat_sum = lon_sum = 0.0
    for (lat_a, lon_a), (lat_b, lon_b) in pairwise(shifted):
        cross = lon_a * lat_b - lon_b * lat_a
        area += cross
        lat_sum += (lat_a + lat_b) * cross
        lon_sum += (lon_a + lon_b) * cross
    if not area:
        return 0.0, lat_0, lon_0
    return abs(area), lat_0 + lat_sum / (3 * area), lon_0 + lon_sum / (3 * area)
