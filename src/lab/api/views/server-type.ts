import type { ServerType } from '../../../hetzner/wire.ts'
import { type CatalogueType, withStock } from '../../catalogue/index.ts'
import type { Cloud } from '../cloud.ts'

export function serverTypeView({ settings }: Pick<Cloud, 'settings'>, entry: CatalogueType): ServerType {
  return withStock(entry, settings.isAvailable)
}
