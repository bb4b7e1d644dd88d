public import SecurityCore

extension SQLiteStore: OutboxStore {
    /// See ``OutboxStore``.
    public func together(_ body: () throws(StoreError) -> Void) throws(StoreError) {
        try write(body)
    }

    /// See ``OutboxStore``.
    public func enqueue(_ mail: QueuedMail, due: Instant, now: Instant) throws(StoreError) -> Int64 {
        try write { () throws(StoreError) in
            try ensure(.outbox)
            try connection.run(
                """
                INSERT INTO lsec_outbox (sender, recipient, subject, message, created, attempts, due)
                VALUES (?, ?, ?, ?, ?, 0, ?)
                """,
                [
                    .text(mail.sender), .text(mail.recipient), .text(mail.subject), .secret(mail.message),
                    .integer(now.microseconds), .integer(due.microseconds),
                ])
            return connection.lastInsertedID
        }
    }

    /// See ``OutboxStore``.
    public func claimMails(_ count: Int, now: Instant, until: Instant) throws(StoreError) -> [QueuedMail] {
        guard try isPresent(.outbox),
            // Asked every second: nobody waits for a lock of a worker that has nothing to do.
            try connection.exists("SELECT 1 FROM lsec_outbox WHERE due <= ?", [.integer(now.microseconds)])
        else { return [] }
        return try write { () throws(StoreError) in
            let due = try mails(
                where: "due <= ? ORDER BY due LIMIT ?", [.integer(now.microseconds), .integer(Int64(count))])
            for mail in due {
                try connection.run(
                    "UPDATE lsec_outbox SET due = ? WHERE id = ?", [.integer(until.microseconds), .integer(mail.id)])
            }
            return due
        }
    }

    /// See ``OutboxStore``.
    public func mail(_ id: Int64) throws(StoreError) -> QueuedMail? {
        guard try isPresent(.outbox) else { return nil }
        return try mails(where: "id = ?", [.integer(id)]).first
    }

    /// See ``OutboxStore``.
    public func removeMail(_ id: Int64) throws(StoreError) -> Bool {
        guard try isPresent(.outbox) else { return false }
        return try write { () throws(StoreError) in
            try connection.run("DELETE FROM lsec_outbox WHERE id = ?", [.integer(id)]) == 1
        }
    }

    /// See ``OutboxStore``.
    public func postponeMail(_ id: Int64, until due: Instant?, error: String) throws(StoreError) -> Bool {
        guard try isPresent(.outbox) else { return false }
        return try write { () throws(StoreError) in
            try connection.run(
                "UPDATE lsec_outbox SET due = ?, error = ?, attempts = attempts + 1 WHERE id = ?",
                [due.map { .integer($0.microseconds) } ?? .null, .text(error), .integer(id)]) == 1
        }
    }

    /// See ``OutboxStore``.
    public func mails(after id: Int64, count: Int) throws(StoreError) -> [QueuedMail] {
        guard try isPresent(.outbox) else { return [] }
        return try mails(where: "id > ? ORDER BY id LIMIT ?", [.integer(id), .integer(Int64(count))])
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

    private func mails(where condition: String, _ values: [SQLiteValue]) throws(StoreError) -> [QueuedMail] {
        try connection.rows(
            """
            SELECT id, sender, recipient, subject, message, created, attempts, due, error FROM lsec_outbox
            WHERE \(condition)
            """, values
        ) { (row) throws(StoreError) in
            var mail = QueuedMail(
                sender: try row.text(1), recipient: try row.text(2), subject: try row.text(3),
                message: try row.secret(4) ?? SharedSecret(utf8: ""))
            mail.id = row.integer(0)
            mail.created = Instant(microseconds: row.integer(5))
            mail.attempts = Int(row.integer(6))
            mail.due = row.isNull(7) ? nil : Instant(microseconds: row.integer(7))
            mail.error = try row.optionalText(8)
            return mail
        }
    }
}
