public import SecurityCore

extension SQLiteStore {
    /// See ``AccountStore``.
    public func renewPasswordHash(
        account id: Int64, old: SharedSecret, new: borrowing Secret, now: Instant
    ) throws(StoreError) -> Bool {
        let new = SharedSecret(new.copy())
        return try write { () throws(StoreError) in
            try update(
                account: id, [(column: .password, value: .secret(new))],
                where: (column: .password, equals: .secret(old)), now: now)
        }
    }

    /// See ``AccountStore``.
    public func setPassword(
        account id: Int64, hash: borrowing Secret, fsUniquifier: String, now: Instant
    ) throws(StoreError) {
        let hash = SharedSecret(hash.copy())
        try write { () throws(StoreError) in
            let changes: [(column: UserColumn, value: SQLiteValue)] = [
                (.password, .secret(hash)), (.fsUniquifier, .text(fsUniquifier)),
            ]
            guard try update(account: id, changes, now: now) else { throw .missingAccount(id: id) }
            try forgetAttempts(ofAccount: id, factors: [.password])
            try forgetFreshness(ofAccount: id)
        }
    }

    func forgetFreshness(ofAccount id: Int64) throws(StoreError) {
        guard try isPresent(.freshness) else { return }
        try connection.run("DELETE FROM lsec_freshness WHERE user_id = ?", [.integer(id)])
    }
}
