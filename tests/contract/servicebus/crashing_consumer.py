"""A program that receives one message, says so, and then hangs until it is killed."""

import signal
import sys

from azure.servicebus import ServiceBusClient

from tests.contract.servicebus.moving import connection_string


def main(url: str, queue: str) -> None:
    with ServiceBusClient.from_connection_string(connection_string(url)) as client:
        receiver = client.get_queue_receiver(queue)
        (message,) = receiver.receive_messages(max_wait_time=10)
        print(f'ready {{"url": "{message.message_id}"}}', flush=True)  # noqa: T201 - it is a program
        signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
