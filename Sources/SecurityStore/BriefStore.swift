public import SecurityCore

/// An account database that is opened when it is first asked something and closed by ``close()``. A transaction of the C
/// library lives for as long as a person types, and no descriptor may stay open for that long, or through a fork; a name that
/// is answered without the database (root) does not depend on it.
public final class BriefStore: AccountStore {
    private let location: DatabaseLocation
    private var opened: (any AccountDirectory)?

    /// The database of a location, not opened yet.
    public init(_ location: DatabaseLocation) {
        self.location = location
    }

    /// Closes the database until it is asked again.
    public func close() {
        opened = nil
    }

    private func store() throws(StoreError) -> any AccountDirectory {
        if let opened { return opened }
        let store = try StoreFactory.open(location, by: .host)
        opened = store
        return store
    }

    /// See ``AccountStore``.
    public func accounts(
        where column: IdentityAttribute.Column, equals value: String, ignoringCase: Bool
    ) throws(StoreError) -> [Account] {
        try store().accounts(where: column, equals: value, ignoringCase: ignoringCase)
    }

    /// See ``AccountStore``.
    public func account(id: Int64) throws(StoreError) -> Account? {
        try store().account(id: id)
    }

    /// See ``AccountStore``.
    public func roleNames(ofAccount id: Int64) throws(StoreError) -> [String] {
        try store().roleNames(ofAccount: id)
    }

    /// See ``AccountStore``.
    public func reserveAttempt(
        _ attempt: Attempt, policy: ThrottlePolicy, now: Instant
    ) throws(StoreError) -> ThrottleVerdict {
        try store().reserveAttempt(attempt, policy: policy, now: now)
    }

    /// See ``AccountStore``.
    public func settleAttempt(_ attempt: Attempt, failed: Bool, now: Instant) throws(StoreError) {
        try store().settleAttempt(attempt, failed: failed, now: now)
    }

    /// See ``AccountStore``.
    public func acceptCounter(
        _ counter: Int64, of slot: CodeSlot, account id: Int64, now: Instant
    ) throws(StoreError) -> Bool {
        try store().acceptCounter(counter, of: slot, account: id, now: now)
    }

    /// See ``AccountStore``.
    public func consumeRecoveryCode(
        _ code: borrowing Secret, account id: Int64, digest: String, vault: RecoveryCodeVault, now: Instant
    ) throws(StoreError) -> Bool {
        try store().consumeRecoveryCode(code, account: id, digest: digest, vault: vault, now: now)
    }

    /// See ``AccountStore``.
    public func renewTOTPWallet(
        account id: Int64, old: SharedSecret, new: SharedSecret, now: Instant
    ) throws(StoreError) -> Bool {
        try store().renewTOTPWallet(account: id, old: old, new: new, now: now)
    }

    /// See ``AccountStore``.
    public func renewUnifiedSecrets(
        account id: Int64, old: SharedSecret, new: SharedSecret, now: Instant
    ) throws(StoreError) -> Bool {
        try store().renewUnifiedSecrets(account: id, old: old, new: new, now: now)
    }

    /// See ``AccountStore``.
    public func renewPasswordHash(
        account id: Int64, old: SharedSecret, new: borrowing Secret, now: Instant
    ) throws(StoreError) -> Bool {
        try store().renewPasswordHash(account: id, old: old, new: new, now: now)
    }

    /// See ``AccountStore``.
    public func setPassword(
        account id: Int64, hash: borrowing Secret, fsUniquifier: String, now: Instant
    ) throws(StoreError) {
        try store().setPassword(account: id, hash: hash, fsUniquifier: fsUniquifier, now: now)
    }

    /// See ``AccountStore``.
    public func freshness(account id: Int64, place: String) throws(StoreError) -> FreshnessSeal? {
        try store().freshness(account: id, place: place)
    }

    /// See ``AccountStore``.
    public func recordGrant(_ grant: Grant) throws(StoreError) {
        try store().recordGrant(grant)
    }
}
