//! Images by the hash of their content: checked on the way in, never changed.

use badges_core::bake::{self, BakeError, Extent, Generation, ImageKind, ImageLimits, InertError};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use diesel::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::{
    artwork::Artwork,
    clock::Moment,
    db::{Conn, Db, DbError, on},
    forms::Form,
    problem::{Faults, Problem},
    schema::images,
};

/// The largest image, in bytes, and of a PNG in pixels to each side.
const MOST_BYTES: usize = 1 << 20;
const MOST_PIXELS: u32 = 4_096;

pub(crate) const PNG: &str = "image/png";
pub(crate) const SVG: &str = "image/svg+xml";

/// What a field for pictures lets people choose.
pub(crate) const FILES: &str = ".png,.svg,image/png,image/svg+xml";

/// An image that may be shown.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// Why an image is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImageError {
    #[error("{0}")]
    Active(#[from] InertError),
    #[error("the image carries a badge already: upload the plain picture")]
    Baked,
    #[error("the image cannot be read ({0}): save it again as PNG or SVG")]
    Damaged(#[from] BakeError),
    #[error(
        "the image is neither PNG nor SVG: save it as one of them, square, a PNG at least 180 pixels wide"
    )]
    Kind,
    #[error("the image is larger than 1 MiB, or as a PNG than 4096 pixels to a side: make it smaller")]
    Large,
}

impl Image {
    /// Checks what somebody uploaded, without decoding a pixel.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ImageError> {
        if bytes.len() > MOST_BYTES {
            return Err(ImageError::Large);
        }
        let kind = ImageKind::sniff(bytes).ok_or(ImageError::Kind)?;
        if !bake::extract(bytes, &ImageLimits::default())?.is_empty() {
            return Err(ImageError::Baked);
        }
        match kind {
            ImageKind::Png => Self::png(bytes),
            ImageKind::Svg => Self::svg(bytes),
        }
    }

    fn png(bytes: &[u8]) -> Result<Self, ImageError> {
        let side = |at: usize| {
            let digits = bytes.get(at..at + 4).and_then(|digits| digits.try_into().ok());
            digits
                .map(u32::from_be_bytes)
                .filter(|side| (1..=MOST_PIXELS).contains(side))
                .ok_or(ImageError::Large)
        };
        // The header stands first, behind the signature and its own length and name (PNG §11.2.1).
        let (width, height) = (side(16)?, side(20)?);
        Ok(Self {
            media_type: PNG,
            bytes: bytes.to_vec(),
            width: i32::try_from(width).unwrap_or(i32::MAX),
            height: i32::try_from(height).unwrap_or(i32::MAX),
        })
    }

    fn svg(bytes: &[u8]) -> Result<Self, ImageError> {
        let Extent { width, height } = bake::inert(bytes, &ImageLimits::default())?;
        // A file at the edge of what is read would be over it with a badge.
        let baked = bake::bake(bytes, "e30.e30.e30", Generation::V3)?;
        bake::extract(&baked, &ImageLimits::default())?;
        Ok(Self { media_type: SVG, bytes: bytes.to_vec(), width: side(width), height: side(height) })
    }
}

/// A size in whole pixels.
fn side(length: f64) -> i32 {
    length.ceil() as i32
}

/// Stores an image; the same one once more is the same. Gives its hash.
pub(crate) fn add(conn: &mut Conn, image: &Image, now: Moment) -> Result<String, DbError> {
    let hash = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&image.bytes));
    let row = (
        images::hash.eq(&hash),
        images::media_type.eq(image.media_type),
        images::bytes.eq(&image.bytes),
        images::width.eq(image.width),
        images::height.eq(image.height),
        images::created_at.eq(now),
    );
    on!(conn, c => diesel::insert_into(images::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(hash)
}

/// Stores the picture that came with a form, if one did. Gives its hash; what cannot be taken is a fault of `image`.
pub(crate) async fn uploaded<T>(db: &Db, form: &Form<T>, now: Moment) -> Result<Option<String>, Problem> {
    let Some(bytes) = form.file("image") else { return Ok(None) };
    let image = Image::read(bytes).map_err(|error| Problem::field("image", "image", error.to_string()))?;
    let stored = db.write(move |conn, _| add(conn, &image, now)).await;
    stored.map(Some).map_err(Problem::from)
}

/// Draws a picture and stores it.
pub(crate) fn draw<E>(conn: &mut Conn, artwork: &Artwork, now: Moment) -> Result<String, E>
where
    E: From<DbError> + From<ImageError>,
{
    let bytes = artwork.png().ok_or(ImageError::Large)?;
    Ok(add(conn, &Image::read(&bytes)?, now)?)
}

/// The type and bytes of an image.
pub(crate) fn find(conn: &mut Conn, hash: &str) -> Result<Option<(String, Vec<u8>)>, DbError> {
    on!(conn, c => images::table.find(hash).select((images::media_type, images::bytes)).first(c).optional())
}

/// The type of an image.
pub(crate) fn media_type(conn: &mut Conn, hash: &str) -> Result<Option<String>, DbError> {
    on!(conn, c => images::table.find(hash).select(images::media_type).first(c).optional())
}

/// Notes an image that nobody has uploaded.
pub(crate) fn look_for(conn: &mut Conn, hash: &str, faults: &mut Faults) -> Result<(), DbError> {
    let found = media_type(conn, hash)?;
    if found.is_none() {
        faults.note("image", "no_image", "is not there: upload it first, and give the hash that is answered");
    }
    Ok(())
}
