//! What is recognised: the achievement, its criteria and its place in frameworks (OB 3.0 §B.1).

use super::{
    declare::{class, vocabulary},
    endorsement::EndorsementCredential,
    profile::{IdentifierEntry, Image, Profile},
    result::ResultDescription,
    text::Text,
    value::{CompactJws, LanguageTag, Number, Types, Uri},
};

class! {
    /// What was accomplished; many credentials may name the same achievement.
    Achievement = "Achievement", types &[&["Achievement"]], open {
        fixed {
            /// `Achievement`, and types of one's own.
            types: Types = "type" => Types::of(&["Achievement"]);
        }
        required {
            /// The name of the achievement for machines, everywhere the same.
            id: Uri = "id";
            /// The name of the achievement.
            name: Text = "name";
            /// A short description.
            description: Text = "description";
            /// How it is earned.
            criteria: Criteria = "criteria";
        }
        optional {
            /// The kind of achievement.
            achievement_type: Option<AchievementType> = "achievementType";
            /// The objectives and standards that it meets.
            alignment: Vec<Alignment> = "alignment";
            /// Who defined it, if not the issuer.
            creator: Option<Box<Profile>> = "creator";
            /// The credit that may be had, in hours or as the issuer counts.
            credits_available: Option<Number> = "creditsAvailable";
            /// What others say of it, as credentials with embedded proofs.
            endorsement: Vec<EndorsementCredential> = "endorsement";
            /// What others say of it, as JWT.
            endorsement_jwt: Vec<CompactJws> = "endorsementJwt";
            /// The field of study.
            field_of_study: Option<Text> = "fieldOfStudy";
            /// A code for people, as in a catalogue of courses.
            human_code: Option<Text> = "humanCode";
            /// The picture of the badge.
            image: Option<Image> = "image";
            /// The language of the achievement.
            in_language: Option<LanguageTag> = "inLanguage";
            /// Further identifiers.
            other_identifier: Vec<IdentifierEntry> = "otherIdentifier";
            /// The same achievement in other languages or versions.
            related: Vec<Related> = "related";
            /// The results that may be stated with it.
            result_description: Vec<ResultDescription> = "resultDescription";
            /// The focus within the field of study.
            specialization: Option<Text> = "specialization";
            /// Words to search by.
            tag: Vec<Text> = "tag";
            /// The version of this definition.
            version: Option<Text> = "version";
        }
    }
}

class! {
    /// How an achievement is earned; at least one of the two should be there.
    Criteria = "Criteria", types &[], open {
        fixed {}
        required {}
        optional {
            /// A page that tells it.
            id: Option<Uri> = "id";
            /// The telling itself, in Markdown.
            narrative: Option<Text> = "narrative";
        }
    }
}

class! {
    /// How an achievement or result stands to a node of an educational framework.
    Alignment = "Alignment", types &[&["Alignment"]], open {
        fixed {
            /// `Alignment`.
            types: Types = "type" => Types::of(&["Alignment"]);
        }
        required {
            /// The name of the node.
            target_name: Text = "targetName";
            /// The page of the node.
            target_url: Uri = "targetUrl";
        }
        optional {
            /// The code of the node within its framework.
            target_code: Option<Text> = "targetCode";
            /// What the node is about.
            target_description: Option<Text> = "targetDescription";
            /// The name of the framework.
            target_framework: Option<Text> = "targetFramework";
            /// The kind of node.
            target_type: Option<AlignmentTargetType> = "targetType";
        }
    }
}

class! {
    /// Another achievement that counts as the same, such as its edition in another language.
    Related = "Related", types &[&["Related"]], open {
        fixed {
            /// `Related`.
            types: Types = "type" => Types::of(&["Related"]);
        }
        required {
            /// The other achievement.
            id: Uri = "id";
        }
        optional {
            /// Its language.
            in_language: Option<LanguageTag> = "inLanguage";
            /// Its version.
            version: Option<Text> = "version";
        }
    }
}

class! {
    /// Work that shows the achievement was earned.
    Evidence = "Evidence", types &[&["Evidence"]], open {
        fixed {
            /// `Evidence`.
            types: Types = "type" => Types::of(&["Evidence"]);
        }
        required {}
        optional {
            /// The page of the work, or the work itself as a data URI.
            id: Option<Uri> = "id";
            /// The name of the work.
            name: Option<Text> = "name";
            /// A longer description.
            description: Option<Text> = "description";
            /// How it shows the achievement, in Markdown.
            narrative: Option<Text> = "narrative";
            /// Its kind, such as prose or film.
            genre: Option<Text> = "genre";
            /// For whom it was made.
            audience: Option<Text> = "audience";
        }
    }
}

vocabulary! {
    /// The kinds of achievement (OB 3.0 §B.5).
    AchievementType, extensible {
        /// Any achievement.
        Achievement = "Achievement",
        /// The end of an apprenticeship.
        ApprenticeshipCertificate = "ApprenticeshipCertificate",
        /// A test or review.
        Assessment = "Assessment",
        /// A piece of work that was set.
        Assignment = "Assignment",
        /// A degree below bachelor.
        AssociateDegree = "AssociateDegree",
        /// A prize or honour.
        Award = "Award",
        /// A badge.
        Badge = "Badge",
        /// A bachelor's degree.
        BachelorDegree = "BachelorDegree",
        /// A certificate of competence.
        Certificate = "Certificate",
        /// A certificate of attendance or completion.
        CertificateOfCompletion = "CertificateOfCompletion",
        /// A certification, valid for a time.
        Certification = "Certification",
        /// Service to the community.
        CommunityService = "CommunityService",
        /// A measurable skill or knowledge.
        Competency = "Competency",
        /// A course.
        Course = "Course",
        /// Something beside the courses.
        CoCurricular = "CoCurricular",
        /// Any academic degree.
        Degree = "Degree",
        /// A diploma.
        Diploma = "Diploma",
        /// A doctoral degree.
        DoctoralDegree = "DoctoralDegree",
        /// Work in the field.
        Fieldwork = "Fieldwork",
        /// General education development.
        GeneralEducationDevelopment = "GeneralEducationDevelopment",
        /// A journeyman's certificate.
        JourneymanCertificate = "JourneymanCertificate",
        /// A set of courses.
        LearningProgram = "LearningProgram",
        /// A licence by an authority.
        License = "License",
        /// Membership of a body.
        Membership = "Membership",
        /// A professional doctorate.
        ProfessionalDoctorate = "ProfessionalDoctorate",
        /// A statement of quality about an organisation.
        QualityAssuranceCredential = "QualityAssuranceCredential",
        /// A master craftsman's certificate.
        MasterCertificate = "MasterCertificate",
        /// A master's degree.
        MasterDegree = "MasterDegree",
        /// A small credential.
        MicroCredential = "MicroCredential",
        /// A research doctorate.
        ResearchDoctorate = "ResearchDoctorate",
        /// A diploma of secondary school.
        SecondarySchoolDiploma = "SecondarySchoolDiploma",
    }
}

vocabulary! {
    /// The kinds of node that an alignment may name (OB 3.0 §B.5).
    AlignmentTargetType, extensible {
        /// A competency of the Achievement Standards Network.
        CeasnCompetency = "ceasn:Competency",
        /// A credential of the Credential Registry.
        CetermsCredential = "ceterms:Credential",
        /// An item of CASE.
        CfItem = "CFItem",
        /// A rubric of CASE.
        CfRubric = "CFRubric",
        /// A criterion of a rubric of CASE.
        CfRubricCriterion = "CFRubricCriterion",
        /// A level of such a criterion.
        CfRubricCriterionLevel = "CFRubricCriterionLevel",
        /// A node of CTDL.
        Ctdl = "CTDL",
    }
}
