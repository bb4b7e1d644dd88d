/// Somebody who knows passwords that were found in breaches.
public protocol BreachedPasswords: AnyObject {
    /// How often a password was found; 0 = it is not known. A filter answers the least count that it was made for.
    ///
    /// `password` is the normalised text. Flask-Security: `pwned()`, SHA-1 of the UTF-8 form. The time and the places that
    /// are read depend on the password's SHA-1.
    func count(of password: Span<UInt8>) throws(BreachedError) -> Int
}
