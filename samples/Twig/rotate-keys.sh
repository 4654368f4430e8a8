#!/usr/bin/env bash
# Rotates each key whose secret would be older than 90 days at the next quarterly run. Prints each new key once, as a line of JSON.
# crontab: 0 0 1 */3 * /usr/local/bin/rotate-keys.sh
# There, it is a link to this file, or a copy with the folder of the app in TWIG_FOLDER.
set -euo pipefail
folder=${TWIG_FOLDER:-$(dirname "$(readlink -f "$0")")}
if [ ! -f "$folder/Twig.csproj" ]; then
  echo "The app is not in $folder. Set TWIG_FOLDER to its folder, or replace this copy with a link to rotate-keys.sh in it." >&2
  exit 2
fi
cd "$folder"
# The PATH of cron is short.
PATH="$PATH:/usr/local/bin:/usr/share/dotnet:/usr/lib/dotnet:/usr/local/share/dotnet:${DOTNET_ROOT:-${HOME:-/root}/.dotnet}"
exec dotnet run --no-build --no-launch-profile -c "${CONFIGURATION:-Debug}" -- rotate-keys "$@"
