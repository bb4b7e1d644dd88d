extension Authentication {
    /// Whether a grant of this login lets somebody in. A password that another module or line completes with a code is
    /// half a login, and a confirmation none: they are not recorded as one.
    var isWholeLogin: Bool {
        guard request.purpose == .login else { return false }
        let needsCode = policy.factors.isActive && (policy.factors.isRequired || !facts.factors.isEmpty)
        return request.scope != .password || !needsCode
    }

    /// What is written down of a login that is about to be granted.
    func grant() throws(AuthenticationError) -> Grant {
        guard let account else { throw .unexpectedAnswer }
        let now = environment.now()
        return Grant(
            account: account.id, fsUniquifier: account.fsUniquifier, origin: request.origin.text, proven: proven,
            tracks: policy.isTrackable, address: request.origin.address,
            // Only a code that was typed: one that was fresh must not become fresher.
            freshness: didPresentCode ? freshnessSeal(completedAt: now) : nil, now: now)
    }

    /// Writes it down.
    func record(_ grant: Grant) throws(AuthenticationError) {
        do throws(StoreError) {
            try store.recordGrant(grant)
        } catch {
            throw .store(error)
        }
    }

    /// Whether the second factor was completed here within SECURITY_FRESHNESS. Zero or less: always ask.
    func isFresh() throws(AuthenticationError) -> Bool {
        guard policy.freshness.within > 0, let account, let place = freshPlace else { return false }
        let row: FreshnessSeal?
        do throws(StoreError) {
            row = try store.freshness(account: account.id, place: place)
        } catch {
            throw .store(error)
        }
        guard let row, let seal = freshnessSeal(completedAt: row.completedAt) else { return false }
        let isGenuine = SharedSecret(utf8: row.digest).withBytes { digest in
            SharedSecret(utf8: seal.digest).withBytes { ConstantTime.equal(digest, $0) }
        }
        return isGenuine
            && Freshness.isFresh(
                completedAt: row.completedAt, now: environment.now(), within: policy.freshness.within)
    }

    /// What a freshness row of this login is bound to; nil when the login asks for none, has no factor to remember, or
    /// comes from an origin that cannot be seen.
    private func freshnessSeal(completedAt: Instant) -> FreshnessSeal? {
        guard let account, let place = freshPlace else { return nil }
        let material = account.freshnessMaterial(place: place, completedAt: completedAt)
        return FreshnessSeal(
            account: account.id, place: place, completedAt: completedAt, digest: digest(.freshness, of: material))
    }

    /// The place of a freshness row. No part of it can forge another.
    private var freshPlace: String? {
        guard let place = request.freshPlace, request.origin.isPlace, request.scope != .password, let account,
            !account.factors.isEmpty
        else { return nil }
        return "\(place.uid)\n\(AuditRecord.escaped(place.terminal))\n\(request.origin.text)"
    }
}

extension Account {
    /// What a freshness row says, and the columns whose change voids it, each behind its length, so that no two sets of
    /// them agree.
    fileprivate func freshnessMaterial(place: String, completedAt: Instant) -> Secret {
        let columns = [
            password, primaryMethod.map { SharedSecret(utf8: $0) }, totpWallet, SharedSecret(utf8: fsUniquifier),
            unifiedSecrets, SharedSecret(utf8: place), SharedSecret(utf8: String(completedAt.microseconds)),
        ]
        let size = columns.reduce(0) { $0 + 8 + ($1?.count ?? 0) }
        return Secret(count: size) { out in
            var position = 0
            for column in columns {
                // An absent column differs from an empty one.
                let length = column.map { UInt64($0.count) } ?? .max
                for byte in 0..<8 { out[position + byte] = UInt8(truncatingIfNeeded: length >> UInt64(byte * 8)) }
                position += 8
                guard let column else { continue }
                for index in 0..<column.count { out[position + index] = column.withBytes { $0[index] } }
                position += column.count
            }
        }
    }
}
