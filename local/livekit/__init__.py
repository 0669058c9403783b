"""LiveKit's server for this machine: Twirp room service, join checks, signed webhooks; no media.

It answers as livekit-server 1.13 does on one node without Redis. Rooms live in memory, so that a
restart forgets them without a `room_finished`, exactly as a crashed single node does: whoever keeps
call records reconciles them with `list_rooms`. There is no WebRTC: `POST /_local/join` makes a
participant present.
"""
