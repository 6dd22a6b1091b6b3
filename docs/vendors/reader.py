"""Keeps a table equal to a feed: python3 reader.py eagle.feed.destiny

Needs: pip install 'confluent-kafka[avro]', and client.py beside this file.
"""

import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

import client

feed = sys.argv[1]
decode = AvroDeserializer(SchemaRegistryClient(client.registry))
context = SerializationContext(feed, MessageField.VALUE)
table = {}

# The table is in memory: every start reads from the beginning.
consumer = Consumer({**client.kafka, "enable.auto.commit": False})
consumer.assign([TopicPartition(feed, 0, OFFSET_BEGINNING)])
while True:
    message = consumer.poll(1.0)
    if message is None:
        continue
    if message.error():
        raise KafkaException(message.error())
    key = message.key().decode()
    if message.value() is None:
        table.pop(key, None)
    else:
        table[key] = decode(message.value(), context)
    print(key, table.get(key), flush=True)
