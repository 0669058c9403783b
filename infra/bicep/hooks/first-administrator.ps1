# Creates the first administrator after `azd deploy`, and shows the generated password this once.
# Safe to repeat: a deployment that has an administrator already is left as it is.
$ErrorActionPreference = 'Stop'

foreach ($name in 'AZURE_RESOURCE_GROUP', 'AZURE_FUNCTION_NAME', 'AZURE_FUNCTION_URL', 'COLLAB_OPERATOR_EMAIL') {
    if (-not [Environment]::GetEnvironmentVariable($name)) { throw "$name is missing: azd provision sets it." }
}
$email = if ($env:COLLAB_ADMIN_EMAIL) { $env:COLLAB_ADMIN_EMAIL } else { $env:COLLAB_OPERATOR_EMAIL }
$tries = if ($env:COLLAB_ADMIN_TRIES) { [int]$env:COLLAB_ADMIN_TRIES } else { 20 }
$pauseSeconds = if ($env:COLLAB_ADMIN_PAUSE_S) { [int]$env:COLLAB_ADMIN_PAUSE_S } else { 15 }

if ($env:CI -or $env:TF_BUILD) {
    Write-Output 'A password must not end up in a build log: run infra/bicep/hooks/first-administrator.ps1 by hand.'
    exit 0
}

# Roles take about a minute to be known everywhere, and a new app as long to start: hence the tries.
while ($tries -gt 0) {
    $tries--
    $key = az functionapp keys list --resource-group $env:AZURE_RESOURCE_GROUP --name $env:AZURE_FUNCTION_NAME --query masterKey --output tsv
    $request = @{
        Method             = 'Post'
        Uri                = "$env:AZURE_FUNCTION_URL/api/v1/auth/first-administrator"
        Headers            = @{ 'x-functions-key' = "$key" }
        ContentType        = 'application/json'
        Body               = (@{ email = $email } | ConvertTo-Json)
        TimeoutSec         = 60
        SkipHttpErrorCheck = $true
    }
    try {
        $answer = Invoke-WebRequest @request
        $status = [int]$answer.StatusCode
    }
    catch {
        $status = 0
    }
    if ($status -eq 201) {
        $password = ($answer.Content | ConvertFrom-Json).generated_password
        Write-Output "The first administrator is $email. The password is shown this once:"
        Write-Output "  $password"
        exit 0
    }
    if ($status -eq 409) {
        Write-Output 'There is an administrator already; nothing was changed.'
        exit 0
    }
    if ($status -in 400, 413, 415, 422) {
        Write-Error "The first administrator was refused: $($answer.Content)"
        exit 1
    }
    Write-Output "The app is not ready yet (status $status); $tries more tries."
    if ($tries -gt 0) { Start-Sleep -Seconds $pauseSeconds }
}

Write-Error 'The first administrator was not created. Run this again: azd hooks run postdeploy'
exit 1
