// The form of a frame of `application/vnd.amazon.eventstream` (https://smithy.io/2.0/aws/amazon-eventstream.html).

/** The bytes before the headers: the length of the frame, the length of its headers, and a checksum of both. */
export const FRAME_PRELUDE = 12;

/** The checksum at the end, in bytes. */
export const FRAME_CHECKSUM = 4;

/** The type of a header's value that is a text. */
export const TEXT_VALUE = 7;
