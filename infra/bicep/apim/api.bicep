// The API as the outside sees it: docs/openapi-3.0.json without what needs a key of the host.
param serviceName string
param limitsRates bool
param verifiesTokens bool
param backendUrl string
param publicBaseUrl string
param allowedOrigins array

@description('Requests a minute from one address, where the tier can count them.')
@minValue(1)
param callsPerMinute int = 600

// loadJsonContent takes 1,048,576 characters; loadTextContent takes 131,072, which is too few.
var document = loadJsonContent('../../../docs/openapi-3.0.json')
var exposed = filter(items(document.paths), path => empty(filter(items(path.value), operation => operation.value['x-permission'] == 'host-key')))
var imported = {
  openapi: document.openapi
  info: document.info
  servers: [
    {
      url: backendUrl
    }
  ]
  tags: document.tags
  paths: toObject(exposed, path => path.key, path => path.value)
  components: document.components
}
var open = flatten(map(exposed, path => map(filter(items(path.value), operation => operation.value['x-permission'] == 'public'), operation => '${toUpper(operation.key)} ${path.key}')))

// The web page of the API's own address is always welcome, since CORS needs one origin at least.
var origins = empty(allowedOrigins) ? [
  publicBaseUrl
] : allowedOrigins
var rateLimit = replace(loadTextContent('rate-limit.xml'), 'CALLS_PER_MINUTE', string(callsPerMinute))
var tokenCheck = replace(loadTextContent('validate-jwt.xml'), 'ISSUER', '${publicBaseUrl}/api')
var withOrigins = replace(loadTextContent('api.xml'), '<origin>ALLOWED_ORIGINS</origin>', '<origin>${join(origins, '</origin><origin>')}</origin>')
var withOperations = replace(withOrigins, 'PUBLIC_OPERATIONS', join(open, ','))
var withTokenCheck = replace(withOperations, '<!-- TOKEN_CHECK -->', verifiesTokens ? tokenCheck : '')
var policy = replace(withTokenCheck, '<!-- RATE_LIMIT -->', limitsRates ? rateLimit : '')

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName
}

resource api 'Microsoft.ApiManagement/service/apis@2024-05-01' = {
  parent: service
  name: 'collab-azure'
  properties: {
    displayName: 'CollabAzure'
    path: 'api'
    protocols: [
      'https'
    ]
    serviceUrl: backendUrl
    subscriptionRequired: false
    translateRequiredQueryParameters: 'query'
    format: 'openapi+json'
    value: string(imported)
  }
}

resource apiPolicy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
  parent: api
  name: 'policy'
  properties: {
    format: 'xml'
    value: policy
  }
}
