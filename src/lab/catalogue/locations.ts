import type { Location } from '../../hetzner/wire.ts'

/** Ids, names and the coordinates of the European ones as the service lists them; the other coordinates are guessed. */
export const locations: readonly Location[] = [
  place(1, 'fsn1', 'Falkenstein DC Park 1', 'DE', 'Falkenstein', 50.47612, 12.370071, 'eu-central'),
  place(2, 'nbg1', 'Nuremberg DC Park 1', 'DE', 'Nuremberg', 49.452102, 11.076665, 'eu-central'),
  place(3, 'hel1', 'Helsinki DC Park 1', 'FI', 'Helsinki', 60.169855, 24.938379, 'eu-central'),
  place(4, 'ash', 'Ashburn, VA', 'US', 'Ashburn, VA', 39.045821, -77.487073, 'us-east'),
  place(5, 'hil', 'Hillsboro, OR', 'US', 'Hillsboro, OR', 45.54222, -122.951924, 'us-west'),
  place(6, 'sin', 'Singapore', 'SG', 'Singapore', 1.283333, 103.833333, 'ap-southeast'),
]

function place(
  id: number,
  name: string,
  description: string,
  country: string,
  city: string,
  latitude: number,
  longitude: number,
  zone: string,
): Location {
  return { id, name, description, country, city, latitude, longitude, network_zone: zone }
}

/** @param wanted id or name, as JSON number or string: clients send all three. */
export function findLocation(wanted: string | number): Location | undefined {
  return locations.find(({ id, name }) => name === wanted || String(id) === String(wanted))
}

export function locationNamed(name: string): Location {
  const found = findLocation(name)
  if (!found) throw new RangeError(`The catalogue has no location ${name}.`)
  return found
}
