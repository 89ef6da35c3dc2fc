metadata description = 'Types that several modules share.'

@export()
@description('Resource tags.')
type Tags = {
  *: string
}

@export()
@description('What a private endpoint leads to.')
type PrivateKind = 'blob' | 'queue' | 'table' | 'vault'
