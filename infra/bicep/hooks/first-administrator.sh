#!/bin/sh
# Creates the first administrator after `azd deploy`, and shows the generated password this once.
# Safe to repeat: a deployment that has an administrator already is left as it is.
set -eu

: "${AZURE_RESOURCE_GROUP:?azd provision sets this}"
: "${AZURE_FUNCTION_NAME:?azd provision sets this}"
: "${AZURE_FUNCTION_URL:?azd provision sets this}"
email="${COLLAB_ADMIN_EMAIL:-${COLLAB_OPERATOR_EMAIL:?azd provision sets this}}"
tries="${COLLAB_ADMIN_TRIES:-20}"
pause_s="${COLLAB_ADMIN_PAUSE_S:-15}"

if [ -n "${CI:-}${TF_BUILD:-}" ]; then
  echo "A password must not end up in a build log: run infra/bicep/hooks/first-administrator.sh by hand."
  exit 0
fi

case "$email" in
  *[!A-Za-z0-9.@_+-]*) echo "COLLAB_ADMIN_EMAIL is no plain e-mail address: $email" >&2; exit 1 ;;
esac

# Roles take about a minute to be known everywhere, and a new app as long to start: hence the tries.
while [ "$tries" -gt 0 ]; do
  tries=$((tries - 1))
  # A key that cannot be read yet fails as the request would. It is never an argument: `ps` shows those.
  key=$(az functionapp keys list --resource-group "$AZURE_RESOURCE_GROUP" \
    --name "$AZURE_FUNCTION_NAME" --query masterKey --output tsv) || key=""
  answer=$(printf 'header = "x-functions-key: %s"\n' "$key" | curl --silent --config - \
    --max-time 60 --write-out '\n%{http_code}' --header 'Content-Type: application/json' \
    --data "{\"email\": \"$email\"}" \
    "$AZURE_FUNCTION_URL/api/v1/auth/first-administrator") || true
  status=$(printf '%s' "$answer" | tail -n 1)
  case "$status" in
    201)
      password=$(printf '%s' "$answer" | sed -n 's/.*"generated_password": *"\([^"]*\)".*/\1/p')
      echo "The first administrator is $email. The password is shown this once:"
      echo "  $password"
      exit 0
      ;;
    409)
      echo "There is an administrator already; nothing was changed."
      exit 0
      ;;
    400 | 413 | 415 | 422)
      echo "The first administrator was refused:" >&2
      printf '%s\n' "$answer" >&2
      exit 1
      ;;
  esac
  echo "The app is not ready yet (status $status); $tries more tries."
  if [ "$tries" -gt 0 ]; then sleep "$pause_s"; fi
done

echo "The first administrator was not created. Run this again: azd hooks run postdeploy" >&2
exit 1
