// Keeps a table equal to a feed: node reader.js eagle.feed.destiny
// Needs: Node.js 18, npm install kafkajs avsc, and client.js beside this file.
const { Kafka, logLevel } = require('kafkajs')
const avro = require('avsc')
const client = require('./client.js')

const table = new Map()
const schemas = new Map()

// A zero, the number of the schema in four bytes, Avro.
async function decode(value) {
  const id = value.readInt32BE(1)
  if (!schemas.has(id)) {
    const answer = await fetch(`${client.registry}/schemas/ids/${id}`)
    const { schema } = await answer.json()
    schemas.set(id, avro.Type.forSchema(JSON.parse(schema)))
  }
  return schemas.get(id).fromBuffer(value.subarray(5))
}

async function main() {
  const consumer = new Kafka({ ...client.kafka, logLevel: logLevel.WARN }).consumer({ groupId: client.groupId })
  await consumer.connect()
  await consumer.subscribe({ topic: process.argv[2], fromBeginning: true })
  await consumer.run({
    autoCommit: false, // the table is in memory: every start reads from the beginning
    eachMessage: async ({ message }) => {
      const key = message.key.toString()
      if (message.value === null) {
        table.delete(key)
      } else {
        table.set(key, await decode(message.value))
      }
      console.log(key, JSON.stringify(table.get(key) ?? null))
    },
  })
}

main().catch((failure) => {
  console.error(failure.message)
  process.exit(1)
})
