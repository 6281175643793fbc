//! How well it was done: results and what they mean (OB 3.0 §B.1).

use super::{
    achievement::Alignment,
    declare::{class, vocabulary},
    text::Text,
    value::{Types, Uri},
};

class! {
    /// A result that the recipient reached.
    Achieved = "Result", types &[&["Result"]], open {
        fixed {
            /// `Result`.
            types: Types = "type" => Types::of(&["Result"]);
        }
        required {}
        optional {
            /// The level of the rubric criterion that was reached, by its id in the description.
            achieved_level: Option<Uri> = "achievedLevel";
            /// The nodes of frameworks that this result meets besides those of its description.
            alignment: Vec<Alignment> = "alignment";
            /// The id of the description, in the achievement of this credential.
            result_description: Option<Uri> = "resultDescription";
            /// How far it went; required if the description's type is `Status`.
            status: Option<ResultStatus> = "status";
            /// The result as a text, such as a grade.
            value: Option<Text> = "value";
        }
    }
}

class! {
    /// A result that may be stated with an achievement.
    ResultDescription = "ResultDescription", types &[&["ResultDescription"]], open {
        fixed {
            /// `ResultDescription`.
            types: Types = "type" => Types::of(&["ResultDescription"]);
        }
        required {
            /// The name by which a result refers to this description.
            id: Uri = "id";
            /// The name of the result.
            name: Text = "name";
            /// The kind of result.
            result_type: ResultType = "resultType";
        }
        optional {
            /// The nodes of frameworks that such a result meets.
            alignment: Vec<Alignment> = "alignment";
            /// The values it may have, from low to high; the order is signed.
            allowed_value: Vec<Text> = "allowedValue";
            /// The id of the level that is needed to pass.
            required_level: Option<Uri> = "requiredLevel";
            /// The value that is needed to pass.
            required_value: Option<Text> = "requiredValue";
            /// The levels of the rubric criterion, from low to high.
            rubric_criterion_level: Vec<RubricCriterionLevel> = "rubricCriterionLevel";
            /// The highest value.
            value_max: Option<Text> = "valueMax";
            /// The lowest value.
            value_min: Option<Text> = "valueMin";
        }
    }
}

class! {
    /// A level of a rubric criterion.
    RubricCriterionLevel = "RubricCriterionLevel", types &[&["RubricCriterionLevel"]], open {
        fixed {
            /// `RubricCriterionLevel`.
            types: Types = "type" => Types::of(&["RubricCriterionLevel"]);
        }
        required {
            /// The name by which a result refers to this level.
            id: Uri = "id";
            /// The name of the level.
            name: Text = "name";
        }
        optional {
            /// The nodes of frameworks that this level meets.
            alignment: Vec<Alignment> = "alignment";
            /// What the level means.
            description: Option<Text> = "description";
            /// The level in words.
            level: Option<Text> = "level";
            /// The points for it.
            points: Option<Text> = "points";
        }
    }
}

vocabulary! {
    /// The kinds of result (OB 3.0 §B.5).
    ResultType, extensible {
        /// A grade point average.
        GradePointAverage = "GradePointAverage",
        /// A letter.
        LetterGrade = "LetterGrade",
        /// A share of a hundred.
        Percent = "Percent",
        /// A level of performance.
        PerformanceLevel = "PerformanceLevel",
        /// A score that is expected.
        PredictedScore = "PredictedScore",
        /// A score as it was counted.
        RawScore = "RawScore",
        /// Any result.
        Result = "Result",
        /// A rubric criterion.
        RubricCriterion = "RubricCriterion",
        /// A level of a rubric criterion.
        RubricCriterionLevel = "RubricCriterionLevel",
        /// A score by rubric.
        RubricScore = "RubricScore",
        /// A scaled score.
        ScaledScore = "ScaledScore",
        /// How far it went.
        Status = "Status",
    }
}

vocabulary! {
    /// How far the recipient went (OB 3.0 §B.5).
    ResultStatus, closed {
        /// Done.
        Completed = "Completed",
        /// Begun on paper.
        Enrolled = "Enrolled",
        /// Not passed.
        Failed = "Failed",
        /// On the way.
        InProgress = "InProgress",
        /// Paused.
        OnHold = "OnHold",
        /// Passed for the time being.
        Provisional = "Provisional",
        /// Given up.
        Withdrew = "Withdrew",
    }
}
