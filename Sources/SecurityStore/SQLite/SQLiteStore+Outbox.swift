public import SecurityCore

extension SQLiteStore: OutboxStore {
    /// See ``OutboxStore``.
    public func together(_ body: () throws(StoreError) -> Void) throws(StoreError) {
        try write(.full, body)
    }

    /// See ``OutboxStore``.
    public func enqueue(_ message: QueuedMessage, due: Instant, now: Instant) throws(StoreError) -> Int64 {
        try write { () throws(StoreError) in
            try ensure(.outbox)
            try connection.run(
                """
                INSERT INTO lsec_outbox (channel, sender, recipient, subject, message, created, expires, attempts, due)
                VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)
                """,
                [
                    .text(message.channel.rawValue), .text(message.sender), .text(message.recipient),
                    .text(message.subject), .secret(message.content), .integer(now.microseconds),
                    message.expires.map { .integer($0.microseconds) } ?? .null, .integer(due.microseconds),
                ])
            return connection.lastInsertedID
        }
    }

    /// See ``OutboxStore``.
    public func claimMessages(_ count: Int, now: Instant, until: Instant) throws(StoreError) -> [QueuedMessage] {
        guard try isPresent(.outbox),
            // Asked every second: nobody waits for a lock of a worker that has nothing to do.
            try connection.exists("SELECT 1 FROM lsec_outbox WHERE due <= ?", [.integer(now.microseconds)])
        else { return [] }
        return try write { () throws(StoreError) in
            let due = try messages(
                where: "due <= ? ORDER BY due LIMIT ?", [.integer(now.microseconds), .integer(Int64(count))])
            for message in due {
                try connection.run(
                    "UPDATE lsec_outbox SET due = ? WHERE id = ?", [.integer(until.microseconds), .integer(message.id)])
            }
            return due
        }
    }

    /// See ``OutboxStore``.
    public func message(id: Int64) throws(StoreError) -> QueuedMessage? {
        guard try isPresent(.outbox) else { return nil }
        return try messages(where: "id = ?", [.integer(id)]).first
    }

    /// See ``OutboxStore``.
    public func removeMessage(_ id: Int64) throws(StoreError) -> Bool {
        guard try isPresent(.outbox) else { return false }
        return try write { () throws(StoreError) in
            try connection.run("DELETE FROM lsec_outbox WHERE id = ?", [.integer(id)]) == 1
        }
    }

    /// See ``OutboxStore``.
    public func postponeMessage(_ id: Int64, until due: Instant?, error: String) throws(StoreError) -> Bool {
        guard try isPresent(.outbox) else { return false }
        return try write { () throws(StoreError) in
            try connection.run(
                "UPDATE lsec_outbox SET due = ?, error = ?, attempts = attempts + 1 WHERE id = ?",
                [due.map { .integer($0.microseconds) } ?? .null, .text(error), .integer(id)]) == 1
        }
    }

    /// See ``OutboxStore``.
    public func messages(after id: Int64, count: Int) throws(StoreError) -> [QueuedMessage] {
        guard try isPresent(.outbox) else { return [] }
        return try messages(where: "id > ? ORDER BY id LIMIT ?", [.integer(id), .integer(Int64(count))])
    }

    /// See ``OutboxStore``.
    public func outboxState() throws(StoreError) -> OutboxState {
        let empty = OutboxState(waiting: 0, givenUp: 0, oldest: nil)
        guard try isPresent(.outbox) else { return empty }
        return try connection.first(
            "SELECT count(due), count(*) - count(due), min(CASE WHEN due IS NOT NULL THEN created END) FROM lsec_outbox"
        ) { (row) throws(StoreError) in
            OutboxState(
                waiting: Int(row.integer(0)), givenUp: Int(row.integer(1)),
                oldest: row.isNull(2) ? nil : Instant(microseconds: row.integer(2)))
        } ?? empty
    }

    private func messages(
        where condition: String, _ values: [SQLiteValue]
    ) throws(StoreError) -> [QueuedMessage] {
        // Reading alters no table: one of an earlier version gets its columns from the first message that is written.
        let isNew = try hasAddedColumns(.outbox)
        return try connection.rows(
            """
            SELECT id, sender, recipient, subject, message, created, attempts, due, error,
                \(isNew ? "channel, expires" : "'mail', NULL")
            FROM lsec_outbox WHERE \(isNew ? "channel IN ('mail', 'text')" : "TRUE") AND \(condition)
            """, values
        ) { (row) throws(StoreError) in
            // A message for a channel that only a later version knows is left to it.
            guard let channel = MessageChannel(rawValue: try row.text(9)) else {
                throw .schema(detail: "lsec_outbox.channel")
            }
            var message = QueuedMessage(
                channel, sender: try row.text(1), recipient: try row.text(2), subject: try row.text(3),
                content: try row.secret(4) ?? SharedSecret(utf8: ""),
                expires: row.isNull(10) ? nil : Instant(microseconds: row.integer(10)))
            message.id = row.integer(0)
            message.created = Instant(microseconds: row.integer(5))
            message.attempts = Int(row.integer(6))
            message.due = row.isNull(7) ? nil : Instant(microseconds: row.integer(7))
            message.error = try row.optionalText(8)
            return message
        }
    }
}
