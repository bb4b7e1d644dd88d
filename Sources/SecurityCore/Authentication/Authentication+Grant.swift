extension Authentication {
    /// Whether a grant of this login lets somebody in. A password that another module or line completes with a code is
    /// half a login, and a confirmation none: they are not recorded as one.
    var isWholeLogin: Bool {
        guard request.purpose == .login else { return false }
        let needsCode = policy.factors.isActive && (policy.factors.isRequired || !facts.factors.isEmpty)
        return request.scope != .password || !needsCode
    }

    /// Writes down a login that is about to be granted.
    func recordGrant() throws(AuthenticationError) {
        guard let account else { throw .unexpectedAnswer }
        let grant = Grant(
            account: account.id, fsUniquifier: account.fsUniquifier, origin: request.origin.text, proven: proven,
            tracks: policy.isTrackable, address: request.origin.address,
            // Only a code that was typed: one that was fresh must not become fresher.
            freshness: didPresentCode ? freshnessSeal() : nil, now: environment.now())
        do throws(StoreError) {
            try store.recordGrant(grant)
        } catch {
            throw .store(error)
        }
    }

    /// Whether the second factor was completed here within SECURITY_FRESHNESS. Zero or less: always ask.
    func isFresh() throws(AuthenticationError) -> Bool {
        guard policy.freshness.within > 0, let seal = freshnessSeal() else { return false }
        do throws(StoreError) {
            guard let completed = try store.freshness(seal) else { return false }
            return Freshness.isFresh(completedAt: completed, now: environment.now(), within: policy.freshness.within)
        } catch {
            throw .store(error)
        }
    }

    /// What a freshness row of this login is bound to; nil when the login asks for none or has no factor to remember.
    private func freshnessSeal() -> FreshnessSeal? {
        guard let place = request.freshPlace, request.scope != .password, let account, !account.factors.isEmpty else {
            return nil
        }
        let text = "\(place.uid)\n\(place.terminal)\n\(request.origin.text)"
        return FreshnessSeal(
            account: account.id, place: text, digest: digest(.freshness, of: account.freshnessMaterial))
    }
}

extension Account {
    /// The columns whose change voids a freshness row, each behind its length, so that no two sets of columns agree.
    fileprivate var freshnessMaterial: Secret {
        let columns = [
            password, primaryMethod.map { SharedSecret(utf8: $0) }, totpWallet, SharedSecret(utf8: fsUniquifier),
            unifiedSecrets,
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
