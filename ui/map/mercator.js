// Web Mercator: the world as a square with sides of 1, north at the top.
export const TILE = 256;
const MOST_LAT = 85.0511;

export function point(lat, lon) {
  const north = Math.max(-MOST_LAT, Math.min(MOST_LAT, lat)) * (Math.PI / 180);
  return { x: (lon + 180) / 360, y: (1 - Math.asinh(Math.tan(north)) / Math.PI) / 2 };
}

export function place(x, y) {
  const inside = (value) => Math.max(0, Math.min(1, value));
  return {
    lat: Math.atan(Math.sinh(Math.PI * (1 - 2 * inside(y)))) * (180 / Math.PI),
    lon: inside(x) * 360 - 180,
  };
}
