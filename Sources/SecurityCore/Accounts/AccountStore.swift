/// The account database, as a login needs it.
///
/// Requirements on every implementation:
/// 1. What must happen once (``acceptCounter(_:of:account:now:)``, ``consumeRecoveryCode(_:account:digest:vault:now:)``) or be
///    counted (``reserveAttempt(_:policy:now:)``) MUST be one atomic step in the database, so that of two processes on
///    two hosts exactly one wins.
/// 2. Tables of Flask-Security are used as they are and never altered; our own are `lsec_*`, made on first need.
/// 3. No descriptor stays open between two logins: an implementation lives for one, or closes what it opened.
public protocol AccountStore: AnyObject {
    /// The accounts whose column equals `value`: at most ``accountsInLookUp``.
    /// The exact spelling is asked first; `ignoringCase` widens it to ASCII case folding, as SQL `lower()` does.
    func accounts(
        where column: IdentityAttribute.Column, equals value: String, ignoringCase: Bool
    ) throws(StoreError) -> [Account]

    /// The account of an id, read anew.
    func account(id: Int64) throws(StoreError) -> Account?

    /// The names of the account's roles.
    func roleNames(ofAccount id: Int64) throws(StoreError) -> [String]

    /// Decides by the counts whether an attempt may be checked and, if so, counts it as pending, in one step.
    func reserveAttempt(
        _ attempt: Attempt, policy: ThrottlePolicy, now: Instant
    ) throws(StoreError) -> ThrottleVerdict

    /// Ends a pending attempt: as a failure, or, when the answer was right, by forgetting what this subject failed with
    /// this kind of evidence from this origin: who knows a secret needs no guesses at it.
    func settleAttempt(_ attempt: Attempt, failed: Bool, now: Instant) throws(StoreError)

    /// Records a TOTP counter as used if it is greater than the last one of its slot; false when it is not.
    func acceptCounter(
        _ counter: Int64, of slot: CodeSlot, account id: Int64, now: Instant
    ) throws(StoreError) -> Bool

    /// Takes a recovery code out of the account's column, once. `digest` is a keyed hash of the code that is kept, so
    /// that a code which another program writes back is refused. False when the code is not there or was used.
    func consumeRecoveryCode(
        _ code: borrowing Secret, account id: Int64, digest: String, vault: RecoveryCodeVault, now: Instant
    ) throws(StoreError) -> Bool

    /// Replaces `tf_totp_secret` by a new seal of the same key, if it still holds `old`.
    func renewTOTPWallet(
        account id: Int64, old: SharedSecret, new: SharedSecret, now: Instant
    ) throws(StoreError) -> Bool

    /// Replaces `us_totp_secrets` in the same way.
    func renewUnifiedSecrets(
        account id: Int64, old: SharedSecret, new: SharedSecret, now: Instant
    ) throws(StoreError) -> Bool

    /// Replaces the password column by a renewed hash of the same password, if it still holds `old`.
    func renewPasswordHash(
        account id: Int64, old: SharedSecret, new: borrowing Secret, now: Instant
    ) throws(StoreError) -> Bool

    /// Stores a new password's hash with a new fs_uniquifier, and forgets the account's wrong passwords and freshness.
    /// Wrong codes stay counted (NIST SP 800-63B-4 section 3.1.3.2): only a new enrolment clears them.
    func setPassword(
        account id: Int64, hash: borrowing Secret, fsUniquifier: String, now: Instant
    ) throws(StoreError)

    /// When the account last completed a factor at a place, as the row says; nil = never. What a row says counts only
    /// under its seal.
    func freshness(account id: Int64, place: String) throws(StoreError) -> FreshnessSeal?

    /// Records a completed login in one transaction. An account that was deleted, deactivated or given a new
    /// fs_uniquifier since the login began is ``StoreError/staleAccount(id:)``, and nothing is recorded.
    func recordGrant(_ grant: Grant) throws(StoreError)
}

/// Most accounts that a look-up by a name returns: more than two, because on hosts those that are not admitted do not count.
public let accountsInLookUp = 8

/// What a grant writes.
public struct Grant {
    /// The account that was let in.
    public var account: Int64
    /// `fs_uniquifier` as it was when the login began.
    public var fsUniquifier: String
    /// The ``Attempt/origin``, which becomes one of the owner's places.
    public var origin: String
    /// What was presented and right: the account's counts of these from this origin are cleared, pending ones too.
    /// Counts of the other kind stay: who knows the password must not gain guesses at the code by it.
    public var proven: Set<Attempt.Factor>
    /// Whether the SECURITY_TRACKABLE columns are written.
    public var tracks: Bool
    /// The address for those columns; nil = none.
    public var address: String?
    /// The freshness row to write; nil = none.
    public var freshness: FreshnessSeal?
    /// When.
    public var now: Instant

    /// A grant of its parts.
    public init(
        account: Int64, fsUniquifier: String, origin: String, proven: Set<Attempt.Factor>, tracks: Bool,
        address: String?, freshness: FreshnessSeal?, now: Instant
    ) {
        self.account = account
        self.fsUniquifier = fsUniquifier
        self.origin = origin
        self.proven = proven
        self.tracks = tracks
        self.address = address
        self.freshness = freshness
        self.now = now
    }
}

/// A freshness row. `digest` covers the place, the time, and the account's password, factors and fs_uniquifier, so that a
/// change of any of them voids the row: without SECRET_KEY a row can be neither moved nor renewed.
public struct FreshnessSeal: Equatable {
    /// The account.
    public var account: Int64
    /// The real uid of the caller, the terminal and the origin, joined; an opaque text.
    public var place: String
    /// When the factor was completed.
    public var completedAt: Instant
    /// Hex of a keyed digest of what must not have changed.
    public var digest: String

    /// A seal of its parts.
    public init(account: Int64, place: String, completedAt: Instant, digest: String) {
        self.account = account
        self.place = place
        self.completedAt = completedAt
        self.digest = digest
    }
}
