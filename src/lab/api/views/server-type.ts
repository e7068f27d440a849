import type { ServerType } from '../../../hetzner/wire.ts'
import { type CatalogueType, withStock } from '../../catalogue/index.ts'
import type { Cloud } from '../cloud.ts'
import { isShownAvailable } from '../rules/stock.ts'

export function serverTypeView(cloud: Pick<Cloud, 'settings' | 'faults'>, entry: CatalogueType): ServerType {
  return withStock(entry, key => isShownAvailable(cloud, key))
}
