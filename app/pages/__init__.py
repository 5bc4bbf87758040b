"""A picture of a page → lines → glyphs → text. Knows nothing of the web."""
