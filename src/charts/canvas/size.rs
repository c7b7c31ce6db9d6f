//! How large a chart is, and what that means for its letters and lines.

/// Where a chart is to be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// A slide: 1120 × 630, as wide to high as a screen, with everything labelled.
    #[default]
    Slide,
    /// The text column of an A4 page: 680 × 510, with letters that are legible as large as that.
    Page,
    /// A preview: 320 × 200, with a short title, the shape of the chart and a few names along its axes.
    Thumb,
    /// A figure of the page `report.html`: 720 × 380, without title, subtitle and foot, which the page says in its own text.
    Inset,
    /// A figure of the page on a phone: 336 × 220, as simple as a preview.
    NarrowInset,
}

/// The sheet that a chart of some size is laid out on. Lengths are logical pixels of the finished picture, 96 an inch.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) struct Sheet {
    pub(in crate::charts) size: Size,
    pub(in crate::charts) width: f64,
    pub(in crate::charts) height: f64,
    /// White space around everything.
    pub(in crate::charts) margin: f64,
    /// Type sizes, in pixels per em.
    pub(in crate::charts) title: f64,
    pub(in crate::charts) subtitle: f64,
    pub(in crate::charts) label: f64,
    pub(in crate::charts) axis: f64,
    pub(in crate::charts) foot: f64,
    /// Most lines of the title and of the subtitle.
    pub(in crate::charts) title_lines: usize,
    pub(in crate::charts) subtitle_lines: usize,
    /// About how many steps an axis of values has, upwards and across.
    pub(in crate::charts) steps_up: usize,
    pub(in crate::charts) steps_across: usize,
    /// Widths of lines and of points, those of a slide being 1.
    pub(in crate::charts) weight: f64,
}

const SLIDE: Sheet = Sheet {
    size: Size::Slide,
    width: 1120.0,
    height: 630.0,
    margin: 40.0,
    title: 23.0,
    subtitle: 15.0,
    label: 15.0,
    axis: 14.0,
    foot: 12.0,
    title_lines: 2,
    subtitle_lines: 3,
    steps_up: 5,
    steps_across: 7,
    weight: 1.0,
};

const PAGE: Sheet = Sheet {
    size: Size::Page,
    width: 680.0,
    height: 510.0,
    margin: 24.0,
    title: 17.0,
    subtitle: 12.5,
    label: 12.5,
    axis: 12.0,
    foot: 10.5,
    title_lines: 3,
    subtitle_lines: 5,
    steps_up: 4,
    steps_across: 5,
    weight: 0.8,
};

const THUMB: Sheet = Sheet {
    size: Size::Thumb,
    width: 320.0,
    height: 200.0,
    margin: 14.0,
    title: 13.0,
    subtitle: 11.0,
    label: 11.0,
    axis: 11.0,
    foot: 11.0,
    title_lines: 2,
    subtitle_lines: 0,
    steps_up: 2,
    steps_across: 5,
    weight: 0.6,
};

const INSET: Sheet = Sheet {
    size: Size::Inset,
    width: 720.0,
    height: 380.0,
    margin: 6.0,
    title: 17.0,
    subtitle: 13.0,
    label: 13.0,
    axis: 12.5,
    foot: 11.0,
    title_lines: 3,
    subtitle_lines: 5,
    steps_up: 4,
    steps_across: 5,
    weight: 0.8,
};

const NARROW_INSET: Sheet = Sheet {
    size: Size::NarrowInset,
    width: 336.0,
    height: 220.0,
    margin: 4.0,
    title: 13.0,
    subtitle: 12.0,
    label: 12.0,
    axis: 12.0,
    foot: 11.0,
    title_lines: 2,
    subtitle_lines: 0,
    steps_up: 3,
    steps_across: 4,
    weight: 0.6,
};

impl Size {
    /// All sizes of charts as files, the largest first.
    pub const ALL: [Size; 3] = [Size::Slide, Size::Page, Size::Thumb];

    /// The sizes of a figure of the page: where there is room, and on a phone.
    pub const OF_FIGURES: [Size; 2] = [Size::Inset, Size::NarrowInset];

    /// The word that asks for it.
    pub fn key(self) -> &'static str {
        match self {
            Size::Slide => "slide",
            Size::Page => "page",
            Size::Thumb => "thumb",
            Size::Inset => "inset",
            Size::NarrowInset => "narrow-inset",
        }
    }

    pub(in crate::charts) fn sheet(self) -> Sheet {
        match self {
            Size::Slide => SLIDE,
            Size::Page => PAGE,
            Size::Thumb => THUMB,
            Size::Inset => INSET,
            Size::NarrowInset => NARROW_INSET,
        }
    }
}

impl Sheet {
    /// Whether it is a preview, which has no room for labels.
    pub(in crate::charts) fn is_preview(&self) -> bool {
        matches!(self.size, Size::Thumb | Size::NarrowInset)
    }

    /// Whether what is shown is said outside the picture.
    pub(in crate::charts) fn is_inset(&self) -> bool {
        Size::OF_FIGURES.contains(&self.size)
    }

    /// A length that is `on_slide` on a slide and goes with the size of the letters.
    pub(in crate::charts) fn scaled(&self, on_slide: f64) -> f64 {
        on_slide * self.label / SLIDE.label
    }

    /// The width between the margins.
    pub(in crate::charts) fn room(&self) -> f64 {
        self.width - 2.0 * self.margin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_size_has_its_word() {
        assert_eq!(Size::ALL.map(Size::key), ["slide", "page", "thumb"]);
        assert_eq!(Size::default(), Size::Slide);
        for size in Size::ALL {
            assert_eq!(size.sheet().size, size);
        }
    }

    #[test]
    fn letters_are_never_smaller_than_they_can_be_read() {
        // 10.5 pixels of 96 an inch are 8 points.
        for sheet in Size::ALL.into_iter().chain(Size::OF_FIGURES).map(Size::sheet) {
            for letters in [sheet.title, sheet.subtitle, sheet.label, sheet.axis, sheet.foot] {
                assert!(letters >= 10.5, "{sheet:?}");
            }
        }
    }
}
