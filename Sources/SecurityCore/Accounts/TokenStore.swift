/// The account database, as tokens and cookies need it: they name an account by a uniquifier, and some are good once.
public protocol TokenStore: AccountStore {
    /// Whether accounts have `fs_token_uniquifier`, a column of applications whose authentication tokens outlive a
    /// change of the password.
    var hasTokenUniquifiers: Bool { get }

    /// The account whose column holds exactly this text; nil for none, for an empty text, and when the column is absent.
    func account(bearing uniquifier: String, in column: UniquifierColumn) throws(StoreError) -> Account?

    /// What the account's column holds; nil when it is NULL, empty or absent, or there is no such account.
    func uniquifier(in column: UniquifierColumn, account id: Int64) throws(StoreError) -> String?

    /// Gives an account a name in `fs_token_uniquifier` where that is empty; whether it was.
    func nameForTokens(_ uniquifier: String, account id: Int64, now: Instant) throws(StoreError) -> Bool

    /// Records a token as used, in one step; false when it was recorded before. `digest` is a keyed hash of what makes
    /// the token one, `expires` when nobody would accept it any more, so that the record may go.
    func spendToken(digest: String, expires: Instant, now: Instant) throws(StoreError) -> Bool

    /// Whether a token was recorded as used.
    func isTokenSpent(digest: String) throws(StoreError) -> Bool

    /// When a session was last recorded as used; nil = never, or too long ago to matter. `digest` is a keyed hash of what
    /// tells it from others.
    func sessionUse(digest: String) throws(StoreError) -> Instant?

    /// Records that a session is used now. Records older than `keptSeconds` may go.
    func recordSessionUse(digest: String, now: Instant, keptSeconds: Int64) throws(StoreError)

    /// Records that a browser stays signed in to an account until `expires`. `digest` is a keyed hash of its companion cookie.
    func rememberBrowser(digest: String, account id: Int64, expires: Instant, now: Instant) throws(StoreError)

    /// Whether a browser stays signed in to an account.
    func isBrowserRemembered(digest: String, account id: Int64, now: Instant) throws(StoreError) -> Bool

    /// Ends that for one browser.
    func forgetBrowser(digest: String) throws(StoreError)

    /// Sets `confirmed_at` to now where it is NULL and address and fs_uniquifier are still those of `account`; whether
    /// that changed it.
    func confirmAddress(of account: Account, now: Instant) throws(StoreError) -> Bool

    /// Gives the account another address and sets `confirmed_at` to now where address and fs_uniquifier are still those of
    /// `account`, in one step; whether that changed it. An address that another account has, in any spelling of its ASCII
    /// letters, is ``StoreError/conflict(column:)``.
    func changeAddress(of account: Account, to email: String, now: Instant) throws(StoreError) -> Bool
}

/// The columns by which a token or cookie names its account.
public enum UniquifierColumn: Sendable {
    /// `fs_uniquifier`: sessions, links, and most sites' authentication tokens.
    case session
    /// `fs_token_uniquifier`: authentication tokens, where the model has it.
    case token
}
