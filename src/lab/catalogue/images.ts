import type { Image } from '../../hetzner/wire.ts'

/**
 * System images. Ids of ubuntu-24.04 (both), ubuntu-26.04, ubuntu-22.04, debian-12 and debian-13 for x86 were seen by others;
 * the other ids are guessed.
 */
export const systemImages: readonly Image[] = [
  image(67_794_396, 'ubuntu', '22.04', 'x86', '2022-04-21'),
  image(103_908_130, 'ubuntu', '22.04', 'arm', '2023-04-11'),
  image(114_690_387, 'debian', '12', 'x86', '2023-06-10'),
  image(114_690_389, 'debian', '12', 'arm', '2023-06-10'),
  image(161_547_269, 'ubuntu', '24.04', 'x86', '2024-04-25'),
  image(161_547_270, 'ubuntu', '24.04', 'arm', '2024-04-25'),
  image(247_051_392, 'debian', '13', 'x86', '2025-08-10'),
  image(247_051_393, 'debian', '13', 'arm', '2025-08-10'),
  image(288_447_615, 'ubuntu', '26.04', 'x86', '2026-04-24'),
  image(288_447_616, 'ubuntu', '26.04', 'arm', '2026-04-24'),
]

function image(
  id: number,
  flavor: 'ubuntu' | 'debian',
  version: string,
  architecture: 'x86' | 'arm',
  day: string,
): Image {
  return {
    id,
    type: 'system',
    status: 'available',
    name: `${flavor}-${version}`,
    description: `${flavor === 'ubuntu' ? 'Ubuntu' : 'Debian'} ${version}`,
    image_size: null,
    disk_size: 5,
    created: `${day}T09:00:00Z`,
    created_from: null,
    bound_to: null,
    os_flavor: flavor,
    os_version: version,
    rapid_deploy: true,
    protection: { delete: false },
    deprecated: null,
    deleted: null,
    labels: {},
    architecture,
  }
}
